"""Pictures, written as PNG and shown by notebooks: the only place that draws with Matplotlib."""

from .broadcast import broadcasting as broadcasting
from .confused import confusion as confusion
from .contours import descent as descent
from .curves import lines as lines
from .derivative import tangent as tangent
from .history import loss_curve as loss_curve
from .images import misclassified as misclassified
from .images import weight_images as weight_images
from .matrices import matrices as matrices
from .picture import Picture as Picture
from .stages import image_rows as image_rows
