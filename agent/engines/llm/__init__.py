"""The engine that asks a language model: one question a step, short ids in prompts, keys everywhere else."""

from agent.engines.llm.engine import VERSION, LLMEngine

__all__ = ["VERSION", "LLMEngine"]
