// `import Sluice` is all that a user of the library needs: its own modules, and of others the types that its signatures name.
@_exported public import Confinement
@_exported public import Containers
@_exported public import EncoderCore
@_exported public import Ingest
@_exported public import PixelConversion
@_exported public import VideoTypes

@_exported public import struct Logging.Logger
@_exported public import struct SystemPackage.FilePath
@_exported public import struct Threading.QueueLimits
