"""Mail in the window: writing one, the outbox, and the account from which they leave."""
