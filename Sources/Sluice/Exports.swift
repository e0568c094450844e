// `import Sluice` is all that a user of the library needs.
@_exported public import Confinement
@_exported public import Containers
@_exported public import EncoderCore
@_exported public import Ingest
@_exported public import Logging
@_exported public import PixelConversion
@_exported public import SystemPackage
@_exported public import Threading
@_exported public import VideoTypes
