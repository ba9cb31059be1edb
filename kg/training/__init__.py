"""Train and measure the shipped encoder. Only this package imports PyTorch; running the encoder does not need it."""
