"""The settings of the tests: the real ones, with slow or file-bound parts made quick."""

from tasuki.config.settings import *  # noqa: F403
from tasuki.config.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# No `collectstatic` before the tests: addresses carry no fingerprint, files come from the finders.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False
TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend",
        "QUEUES": ["default", "import"],
    }
}
