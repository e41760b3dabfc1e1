"""A server around llama-cpp-python, in a process of its own.

It speaks llama-server's dialect, so that one client serves both. It knows nothing of
Home Assistant nor of the rest of Hearth: ``__main__.py`` runs this folder as a
package by itself, and its modules import only one another, aiohttp, Jinja, NumPy,
llama_cpp and the standard library.
"""
