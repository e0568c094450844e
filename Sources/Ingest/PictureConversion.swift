public import PixelConversion

/// How the bytes of one source picture become a picture for the encoder.
public enum PictureConversion: Sendable {
    /// They are that picture already.
    case none
    /// By kernels of ours, strip by strip, so that the source picture never exists as a whole.
    case strips(StripConverter)
    /// As a whole, by another library.
    case whole(any PictureConverter)
}

/// Converts whole pictures.
public protocol PictureConverter: AnyObject, Sendable {
    /// Makes `target` of `source`; both have the layouts that the converter was made for.
    func convert(_ source: RawSpan, into target: inout MutableRawSpan)
}
