"""What a dog does, as acceleration at the collar."""
