"""`python -m agent` is `litreview`."""

from agent.cli.main import main

main()
