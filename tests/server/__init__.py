"""Tests of the forms about a server."""
