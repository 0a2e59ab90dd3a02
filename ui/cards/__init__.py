"""Cards as HTML: a finding's, a record's, and the small pictures on them."""
