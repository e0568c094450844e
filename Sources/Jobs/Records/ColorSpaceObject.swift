package import VideoTypes

/// WebCodecs' `VideoColorSpaceInit`: what is unspecified, or has no name there, is not there.
package struct ColorSpaceObject: Codable, Hashable {
    package let primaries: String?
    package let transfer: String?
    package let matrix: String?
    package let fullRange: Bool

    package init(_ color: VideoColorSpace) {
        primaries = color.primaries.webCodecsName
        transfer = color.transfer.webCodecsName
        matrix = color.matrix.webCodecsName
        fullRange = color.fullRange
    }
}
