"""Training: losses and rates, how heads form, one model beside others."""
