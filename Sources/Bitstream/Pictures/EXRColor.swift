internal import VideoTypes

/// What red, green and blue are in an OpenEXR file, by the attribute `chromaticities` of its header. Its samples are light itself.
enum EXRColor {
    /// Without the attribute, primaries are those of BT.709 (OpenEXR, standard optional attributes). A header may be cut off: then
    /// they are those of a file without the attribute.
    @Sendable static func find(_ bytes: borrowing PictureBytes, _ inflate: Inflation) -> PictureColor {
        var bytes = copy bytes
        bytes.isBigEndian = false
        guard let values = (try? EXRHeader(bytes))?.chromaticities else {
            return PictureColor(primaries: .bt709, transfer: .linear)
        }
        return PictureColor(chromaticities: values, transfer: .linear)
    }
}
