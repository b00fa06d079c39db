"""Asking a model: a request as pure data, transports wrapped round each other, and a gateway that validates.

This room knows neither papers nor surveys. `stack` is the one place that knows the order of the transports.
"""
