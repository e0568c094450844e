// `import Sluice` is all that a user of the library needs: the layers that its signatures name, from the top down.
@_exported public import Analysis
@_exported public import Confinement
@_exported public import Containers
@_exported public import EncoderCore
@_exported public import Encoders
@_exported public import Encoding
@_exported public import Filters
@_exported public import Ingest
@_exported public import Jobs
@_exported public import Media
@_exported public import PixelConversion
@_exported public import Shards
@_exported public import VideoTypes

@_exported public import struct Logging.Logger
@_exported public import struct SystemPackage.FilePath
@_exported public import struct Threading.QueueLimits
