"""What the page about the paper's Table 1 measures, draws and says."""
