"""Who gets in: accounts, passwords, second factors, sessions, tokens of systems, sealed fields.

Times come as arguments, ISO text in UTC; passwords, tokens and codes are returned once and kept
only as what recognises them.
"""
