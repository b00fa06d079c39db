"""Services that know papers: for each what to ask and how its answer reads, pure; `fetching` does the asking."""
