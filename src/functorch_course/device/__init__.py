"""Where arrays live and programs run: devices, batches on their way there, and several at once."""

from .choose import devices as devices
from .choose import use as use
from .compiled import compiled as compiled
from .prefetch import device_prefetch as device_prefetch
from .sharding import data_parallel as data_parallel
