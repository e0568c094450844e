package import Jobs
package import VideoTypes

extension InputDescription {
    /// How a frame is laid out in the input.
    ///
    /// - Parameter header: The header of the input; `nil` if it is raw.
    /// - Throws: ``JobError/usage(_:)`` if they are not specified, or contradict the header.
    package func layout(_ header: InputHeader?) throws(JobError) -> PictureLayout {
        let (size, format) = if let header { try described(by: header) } else { try described() }
        guard size.isValid else { throw .usage("invalid size \(size) (each side must be in 1...\(PictureSize.limit))") }
        if let planeRows, planeRows < size.height {
            throw .usage("\(Setting.planeRows) \(planeRows) is less than the \(size.height) rows of the picture")
        }
        guard sampleShift <= format.largestSampleShift else { throw wrongShift(format) }
        let layout = PictureLayout(
            format: format,
            size: size,
            stride: stride,
            planeRows: planeRows,
            sampleShift: sampleShift,
            isBottomUp: isBottomUp
        )
        guard let layout else {
            if let stride, !stride.isMultiple(of: format.bytesPerSample) {
                let unit = "the \(format.bytesPerSample) bytes of a sample of \(format.rawValue)"
                throw .usage("\(Setting.stride) \(stride) is not a multiple of \(unit)")
            }
            let row = PictureLayout(format: format, size: size)?.planes[0].rowBytes ?? 0
            throw .usage("\(Setting.stride) \(stride ?? 0) is less than a row of \(row) bytes, or far too long")
        }
        return layout
    }

    private func described() throws(JobError) -> (PictureSize, PixelFormat) {
        guard let size else { throw .usage("raw input needs a size: use \(Setting.size) WIDTHxHEIGHT") }
        guard let pixelFormat else {
            throw .usage("raw input needs a pixel format, such as \(Setting.pixelFormat) rgba")
        }
        return (size, pixelFormat)
    }

    private func described(by header: InputHeader) throws(JobError) -> (PictureSize, PixelFormat) {
        if let size, size != header.size {
            throw .usage("\(Setting.size) \(size) contradicts \(header.name), which has \(header.size)")
        }
        if let pixelFormat, pixelFormat != header.format {
            throw .usage(
                "\(Setting.pixelFormat) \(pixelFormat.rawValue) contradicts \(header.name), which has \(header.format.rawValue)"
            )
        }
        if let setting = rawSettings.first { throw .usage("\(setting) needs raw input") }
        return (header.size, header.format)
    }

    /// What is set that only raw frames have.
    private var rawSettings: [Setting] {
        [
            stride.map { _ in .stride }, planeRows.map { _ in .planeRows }, isBottomUp ? .bottomUp : nil,
            sampleShift > 0 ? .sampleShift : nil,
        ].compactMap(\.self)
    }

    private func wrongShift(_ format: PixelFormat) -> JobError {
        let most = format.largestSampleShift
        let reason =
            most == 0
            ? "samples that fill their bytes or words" : "\(format.bitDepth) bits, which can be shifted by \(most)"
        return .usage("\(Setting.sampleShift) \(sampleShift): \(format.rawValue) has \(reason)")
    }
}
