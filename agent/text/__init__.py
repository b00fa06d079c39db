"""Pure functions over text: cleaning, sentences, tokens, figures, names, ranking, grouping.

Nothing here reads a file, knows a library or keeps state. `VERSION` names the rules: whatever changes
what a text is cleaned to, where a sentence ends or what a figure is, raises it, because summaries,
recordings and offsets rest on these rules.
"""

VERSION = "2"
