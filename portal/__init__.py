"""A portal for NGO networks against human trafficking in Central Asia."""

__version__ = "0.1.0"
