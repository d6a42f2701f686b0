"""What a run would cost, where its time goes, whether it resumes exactly."""
