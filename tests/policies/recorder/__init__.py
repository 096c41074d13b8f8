"""A policy pack that writes down what it is asked."""
