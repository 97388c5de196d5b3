"""The edges: what other systems' documents say, read into this library's values.

Only here are a vendor's words known. Each module is one system; import the one that you need.
"""
