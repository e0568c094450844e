/// The cropping that a container requests: the clean aperture of MP4 and QuickTime (`clap`, ISO/IEC 14496-12 12.1.4) and
/// `PixelCrop…` of Matroska (RFC 9559 5.1.4.1.28). The pictures are not cropped, and a notice reports this.
package enum ContainerCrop {
    /// A message about the cropping that is not applied; `nil` without one, and for an MP4 from a pipe.
    package static func read(_ source: inout ByteSource) throws(IngestError) -> String? {
        let start = try source.peek(12)
        if MatroskaElements.begin(start) { return matroska(try source.peek(MatroskaElements.headLength)) }
        guard MovieBoxes.begin(start) else { return nil }
        guard let movie = try MovieBoxes.movie(&source) else { return nil }
        return aperture(in: movie[...])
    }
}

// MP4 and QuickTime.
extension ContainerCrop {
    private static func aperture(in movie: ArraySlice<UInt8>) -> String? {
        for media in MovieBoxes.boxes("trak", in: movie).flatMap({ MovieBoxes.boxes("mdia", in: $0) }) {
            let isVideo = MovieBoxes.boxes("hdlr", in: media).contains {
                $0.dropFirst(8).prefix(4).elementsEqual("vide".utf8)
            }
            let tables = MovieBoxes.boxes("minf", in: media).flatMap { MovieBoxes.boxes("stbl", in: $0) }
            let descriptions = tables.flatMap { MovieBoxes.boxes("stsd", in: $0) }
            // After version and count, the first sample entry.
            guard isVideo, let entry = descriptions.first?.dropFirst(8), entry.count >= 86 else { continue }
            let fields = entry.dropFirst(8)
            let size = (
                MovieBoxes.number(fields.dropFirst(24).prefix(2)), MovieBoxes.number(fields.dropFirst(26).prefix(2))
            )
            let extensions = entry.prefix(max(86, min(MovieBoxes.number(entry.prefix(4)), entry.count))).dropFirst(86)
            guard let clap = MovieBoxes.boxes("clap", in: extensions).first, clap.count >= 16 else { continue }
            let values = (0..<4).map { MovieBoxes.number(clap.dropFirst(4 * $0).prefix(4)) }
            guard values[1] > 0, values[3] > 0 else { continue }
            let clean = (values[0] / values[1], values[2] / values[3])
            guard clean.0 > 0, clean.1 > 0, clean.0 < size.0 || clean.1 < size.1 else { continue }
            return
                "its clean aperture of \(clean.0)x\(clean.1) (clap) is not applied to the \(size.0)x\(size.1) pictures"
        }
        return nil
    }
}

// Matroska.
extension ContainerCrop {
    private static func matroska(_ head: [UInt8]) -> String? {
        let videos = MatroskaElements.tracks(head).flatMap { MatroskaElements.elements(0xE0, in: $0) }
        for video in videos {
            let sides = [("top", 0x54BB), ("bottom", 0x54AA), ("left", 0x54CC), ("right", 0x54DD)]
            let cropped = sides.compactMap { name, id in
                MatroskaElements.elements(id, in: video).first.map(MovieBoxes.number).flatMap {
                    $0 > 0 ? "\($0) at the \(name)" : nil
                }
            }
            guard cropped.isEmpty else {
                return "its cropping (PixelCrop: \(cropped.joined(separator: ", "))) is not applied"
            }
        }
        return nil
    }
}
