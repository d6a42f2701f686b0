"""What a task needs: its last layer, its criterion, its metrics."""
