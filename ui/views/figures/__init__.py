"""The page 分析: figures that open their records, pictures, and the diagnosis in words."""
