"""Tests of what is around the app: how it is installed, and which tests a change asks for."""
