"""Settings of the whole suite: reproducible hypothesis runs that say how to repeat a failure."""

import hypothesis

hypothesis.settings.register_profile("suite", deadline=None, print_blob=True, max_examples=30)
hypothesis.settings.load_profile("suite")

pytest_plugins = ["course_report"]
