"""The page 定義: the team's definitions as they are enforced."""
