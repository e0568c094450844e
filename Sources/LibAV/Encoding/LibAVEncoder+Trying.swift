internal import Bitstream
internal import CFFmpeg
package import EncoderSettings
internal import Logging
package import VideoTypes

// What can be known of an encoder by asking it.
extension LibAVEncoder {
    /// The configuration with its profile and level chosen and everything checked that can be, by opening the encoder; a
    /// hardware encoder also encodes a frame, because only that shows what it writes.
    ///
    /// - Parameters:
    ///   - config: What to encode.
    ///   - encoder: The encoder.
    /// - Throws: ``VideoTypes/EncoderConfigError`` for what the encoder cannot do, with libavcodec's reason where it is its.
    package static func resolve(
        _ config: ValidatedEncoderConfig,
        encoder: LibAVEncoderDescription
    ) throws(EncoderConfigError) -> ValidatedEncoderConfig {
        guard config.codec.codec == encoder.codec else {
            throw .unsupported("\(encoder.name) encodes \(encoder.codec.name), not \(config.codec.codec.name)")
        }
        let settings = try encoder.settings(config)
        let logger = Logger(label: "resolve") { _ in SwiftLogNoOpLogHandler() }
        var context = try EncoderContext(encoder, config, settings, logger: logger)
        var reader = encoder.reader(config)
        do throws(EncoderError) {
            try reader.readHeaders(context.extradata)
            if encoder.isHardware || reader.decoderConfig == nil { try encodeOne(config, settings, &context, &reader) }
        } catch {
            if case .config(let error) = error { throw error }
            throw .unsupported("\(encoder.name) does not work: \(error)")
        }
        return try config.resolved(to: encoder.choose(config, reader))
    }

    /// Opens the encoder and encodes one frame, really.
    ///
    /// - Returns: Why it does not work, with libavcodec's message for its own failures; `nil` if it works.
    package static func tryOut(
        _ config: ValidatedEncoderConfig,
        encoder: LibAVEncoderDescription
    ) -> String? {
        do throws(EncoderConfigError) {
            let resolved = try resolve(config, encoder: encoder)
            if encoder.isHardware { return nil }
            let settings = try encoder.settings(resolved)
            let logger = Logger(label: "tryOut") { _ in SwiftLogNoOpLogHandler() }
            var context = try EncoderContext(encoder, resolved, settings, logger: logger)
            var reader = encoder.reader(resolved)
            do throws(EncoderError) {
                try encodeOne(resolved, settings, &context, &reader)
                return nil
            } catch {
                return "\(encoder.name) does not work: \(error)"
            }
        } catch {
            return "\(error)"
        }
    }

    /// This libavcodec was built with the encoder.
    package static func isPresent(_ encoder: LibAVEncoderDescription) -> Bool {
        unsafe avcodec_find_encoder_by_name(encoder.name) != nil
    }

    private static func encodeOne(
        _ config: ValidatedEncoderConfig,
        _ settings: CodecSettings,
        _ context: inout EncoderContext,
        _ reader: inout any StreamReading
    ) throws(EncoderError) {
        guard let layout = PictureLayout(format: settings.pixelFormat, size: config.size) else {
            throw .invalidFrame("a picture of \(config.size) overflows")
        }
        var frame = VideoFrame(layout: layout, buffer: PlaneBuffer(byteCount: layout.byteCount), timestamp: 0)
        frame.withMutableBytes { bytes in
            for offset in bytes.byteOffsets { bytes.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self) }
        }
        let picture = try Picture.copy(of: frame, as: settings.pixelFormat, pts: 0, isKey: false)
        let packet = try Packet.forEncoding()
        _ = try context.send(picture)
        try context.sendEnd()
        var count = 0
        while try context.receive(packet) {
            _ = try reader.read(packet.bytes, isKey: packet.isKey)
            count += 1
        }
        guard count == 1 else { throw .codec(operation: "\(count) packets for one frame", status: -1) }
    }
}
