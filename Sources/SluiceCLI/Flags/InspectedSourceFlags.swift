internal import ArgumentParser
internal import Places
internal import Sluice

/// The source of a stream.
struct InspectedSourceFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The source of the encode, for the PSNR of each frame: raw frames, Y4M or media.",
            valueName: "file"
        )
    )
    var source: String?

    @Option(name: [.short, .long], help: "Size of the source's raw frames, as WIDTHxHEIGHT.")
    var size: PictureSize?

    @Option(
        name: [.customShort("p"), .long],
        help: "Pixel format of the source's raw frames; sluice encode --help lists them.",
        completion: .pixelFormats,
        transform: pixelFormat(named:)
    )
    var pixelFormat: PixelFormat?

    /// Frames are paired in display order over the whole stream, which is read a second time.
    func check(_ media: MediaFlags, isPart: Bool) throws {
        guard let source else {
            guard size == nil, pixelFormat == nil else {
                throw ValidationError("--size and --pixel-format need --source")
            }
            return
        }
        guard source != "", source != "-", media.input != "-" else {
            throw ValidationError("--source needs two files, because the stream is read twice")
        }
        guard !isPart else {
            throw ValidationError("--source needs the whole stream: omit --frames and --max-temporal-layer")
        }
        guard media.description == nil, media.chunks == nil else {
            throw ValidationError("--source cannot be combined with --description or --chunks")
        }
    }

    func description(framerate: FrameRate?) -> InputDescription? {
        guard let source else { return nil }
        var description = InputDescription(.path(FilePath(spelled: source)))
        (description.size, description.pixelFormat, description.framerate) = (size, pixelFormat, framerate)
        return description
    }
}
