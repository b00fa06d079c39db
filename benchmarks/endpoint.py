"""A loopback endpoint that answers every question after a fixed time, in a process of its own.

python benchmarks/endpoint.py PORT SECONDS
"""

from __future__ import annotations

import asyncio
import json
import re
import sys

SUMMARY = {
    "kind": "method", "also": [], "task": None, "problem": None, "names": [],
    "approach": {"text": "It is done.", "evidence": [1]}, "findings": [], "results": [], "data": [], "models": [],
    "hardware": [], "compared_with": [], "limitations": [], "links": [],
}  # fmt: skip


def answer() -> bytes:
    message = {"role": "assistant", "content": json.dumps(SUMMARY)}
    body = {
        "id": "1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 80, "total_tokens": 980},
    }  # fmt: skip
    text = json.dumps(body).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
    return head.encode() + text


async def serve(port: int, seconds: float) -> None:
    reply = answer()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head, re.I)
                await reader.readexactly(int(length.group(1)) if length else 0)
                await asyncio.sleep(seconds)
                writer.write(reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
