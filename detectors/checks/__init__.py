"""Checksums and structures of numbers and codes, by the name that a rule gives them.

Every check takes the digits (or the compacted, upper-case text) of a candidate and says whether it
can be such a number. A check is a few operations on a short string; it never raises.
"""
