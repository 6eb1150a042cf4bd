"""From raw samples to the conditioned signal on the even grid."""
