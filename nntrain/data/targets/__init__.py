"""What is predicted: classes, numbers or labels."""
