"""The steps of a product as functions over records: plan, read, write, check.

They know records, text and the engine protocol, and cannot tell which engine they have.
"""
