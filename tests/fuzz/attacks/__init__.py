"""Files and folders made to do harm, as one who knows the formats would make them."""
