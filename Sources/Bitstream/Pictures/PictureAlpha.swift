/// Whether the colors of a file are multiplied by their alpha.
enum PictureAlpha {
    /// Those of OpenEXR always are, where it has alpha.
    @Sendable static func isAssociatedInEXR(_ bytes: borrowing PictureBytes) -> Bool {
        var bytes = copy bytes
        bytes.isBigEndian = false
        return (try? EXRHeader(bytes))?.channels.contains { $0.name == "A" } ?? false
    }

    /// Those of TIFF are if the first of the samples besides the color's is of that kind (TIFF 6.0, `ExtraSamples`).
    @Sendable static func isAssociatedInTIFF(_ bytes: borrowing PictureBytes) -> Bool {
        TIFFDirectory(copy bytes)?[.extraSamples].first == 1
    }
}
