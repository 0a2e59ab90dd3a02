"""The peer of the map's benchmark, in a folder of its own: Streamlit puts a page's folder first among those
that modules are looked for in, and `benchmarks/` has a `leads.py`.
"""
