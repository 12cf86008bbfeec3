"""Yards that exist nowhere, with exact truth. Pure."""
