internal import CFFmpeg
internal import EncoderCore
internal import EncoderSettings
internal import Logging
internal import VideoTypes

/// Sole owner of one open `AVCodecContext`, and of the device that it works on.
@safe
struct EncoderContext: ~Copyable {
    private let pointer: UnsafeMutablePointer<AVCodecContext>
    private let device: HardwareDevice?
    private let logger: Logger
    private let mustEndInput: Bool
    private var hasInput = false

    /// Opens an encoder.
    ///
    /// - Throws: `EncoderConfigError` for options that it does not know or take, and with libavcodec's reason where it
    ///   cannot be opened.
    init(
        _ encoder: LibAVEncoderDescription,
        _ config: ValidatedEncoderConfig,
        _ settings: CodecSettings,
        logger: Logger
    ) throws(EncoderConfigError) {
        if encoder.name == "libsvtav1" { cffmpeg_quiet_svt(LibraryWords.areRead) }
        try encoder.requireRoom(config)
        guard let codec = unsafe avcodec_find_encoder_by_name(encoder.name) else {
            throw .unsupported("\(encoder.name) is not in this libavcodec")
        }
        guard let pointer = unsafe avcodec_alloc_context3(codec) else {
            throw .unsupported("\(encoder.name): out of memory for an encoder")
        }
        var device: HardwareDevice?
        do throws(EncoderConfigError) {
            unsafe Self.apply(config, settings, to: pointer)
            try unsafe Self.applyOptions(of: encoder, settings, to: pointer)
            device = try unsafe Self.openDevice(for: encoder, settings, pointer, logger)
            try unsafe Self.open(encoder, settings, pointer, codec, logger)
        } catch {
            var pointer: UnsafeMutablePointer<AVCodecContext>? = unsafe pointer
            unsafe avcodec_free_context(&pointer)
            throw error
        }
        unsafe self.pointer = pointer
        self.device = device
        self.logger = logger
        mustEndInput = encoder.name == "libsvtav1"
    }

    deinit {
        // An encoder may talk while it closes. SVT-AV1 1.4 waits forever in closing unless its input has ended, and forever
        // for the end of an input that has no picture.
        var messages = LibAVLog.Messages()
        let (mustEnd, isEmpty) = (mustEndInput, !hasInput)
        LibAVLog.listening(logger, to: &messages) {
            if mustEnd, isEmpty { _ = unsafe cffmpeg_encoding_send_blank(pointer) }
            if mustEnd { unsafe Self.endInput(of: pointer) }
            var pointer: UnsafeMutablePointer<AVCodecContext>? = unsafe pointer
            unsafe avcodec_free_context(&pointer)
        }
    }

    private static func endInput(of context: UnsafeMutablePointer<AVCodecContext>) {
        var packet = unsafe av_packet_alloc()
        defer { unsafe av_packet_free(&packet) }
        guard unsafe packet != nil else { return }
        _ = unsafe avcodec_send_frame(context, nil)
        while unsafe avcodec_receive_packet(context, packet) >= 0 {}
    }

    /// What the encoder returned outside of the stream when it was opened: parameter sets or a sequence header.
    var extradata: [UInt8] {
        guard let start = unsafe pointer.pointee.extradata else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(pointer.pointee.extradata_size)))
    }

    /// Pictures that the encoder reorders by, where the bitstream does not specify it.
    var reorderedPictures: Int { Int(unsafe pointer.pointee.has_b_frames) }

    /// Gives the encoder a picture, or, with `nil`, the end.
    ///
    /// - Returns: False if a packet must be taken first.
    mutating func send(_ picture: borrowing Picture) throws(EncoderError) -> Bool {
        hasInput = true
        if let device { return unsafe try send(unsafe device.upload(picture, for: pointer, logger).pointer) }
        return try unsafe send(picture.pointer)
    }

    /// Signals the end of the pictures to the encoder.
    func sendEnd() throws(EncoderError) { _ = try unsafe send(nil) }

    private func send(_ frame: UnsafeMutablePointer<AVFrame>?) throws(EncoderError) -> Bool {
        let status = try call("avcodec_send_frame", allowing: cffmpeg_error_again) {
            unsafe avcodec_send_frame(pointer, frame)
        }
        return status != cffmpeg_error_again
    }

    /// Takes the next packet; false if the encoder wants another picture or is done.
    func receive(_ packet: borrowing Packet) throws(EncoderError) -> Bool {
        let ends = (cffmpeg_error_again, cffmpeg_error_end)
        let status = try call("avcodec_receive_packet", allowing: ends.0, ends.1) {
            unsafe avcodec_receive_packet(pointer, packet.pointer)
        }
        return status >= 0
    }

    /// Calls libavcodec; a failure carries what it logged.
    private func call(
        _ operation: StaticString,
        allowing: CInt...,
        body: () -> CInt
    ) throws(EncoderError) -> CInt {
        var messages = LibAVLog.Messages()
        let status = LibAVLog.listening(logger, to: &messages, body)
        guard status < 0, !allowing.contains(status) else { return status }
        let reason = (LibraryWords.takeError() ?? messages.reason).map { " (\($0))" } ?? ""
        throw .codec(operation: "\(operation)\(reason)", status: Int(status))
    }
}

extension EncoderContext {
    private static func apply(
        _ config: ValidatedEncoderConfig,
        _ settings: CodecSettings,
        to context: UnsafeMutablePointer<AVCodecContext>
    ) {
        let values = config.values
        let rate = config.nominalFramerate
        unsafe cffmpeg_encoding_flags(context)
        unsafe context.pointee.width = CInt(config.size.width)
        unsafe context.pointee.height = CInt(config.size.height)
        unsafe context.pointee.pix_fmt = settings.pixelFormat.avPixelFormat
        unsafe context.pointee.time_base = AVRational(num: CInt(rate.denominator), den: CInt(rate.numerator))
        unsafe context.pointee.framerate = AVRational(num: CInt(rate.numerator), den: CInt(rate.denominator))
        unsafe context.pointee.thread_count = CInt(settings.threads)
        unsafe context.pointee.color_range = values.colorSpace.fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
        guard settings.saysColor else { return }
        // libavutil's enumerations are the code points of H.273; its chroma locations begin with "unspecified".
        unsafe context.pointee.color_primaries.rawValue = UInt32(values.colorSpace.primaries.rawValue)
        unsafe context.pointee.color_trc.rawValue = UInt32(values.colorSpace.transfer.rawValue)
        unsafe context.pointee.colorspace.rawValue = UInt32(values.colorSpace.matrix.rawValue)
        if values.chroma == .yuv420 {
            unsafe context.pointee.chroma_sample_location.rawValue = UInt32(values.chromaLocation.rawValue) + 1
        }
        let shape = values.pixelAspectRatio
        unsafe context.pointee.sample_aspect_ratio = AVRational(
            num: CInt(shape?.width ?? 0),
            den: CInt(shape?.height ?? 1)
        )
    }

    private static func applyOptions(
        of encoder: LibAVEncoderDescription,
        _ settings: CodecSettings,
        to context: UnsafeMutablePointer<AVCodecContext>
    ) throws(EncoderConfigError) {
        for option in settings.options {
            try check(option, encoder, unsafe av_opt_set(context, option.key, option.value, AV_OPT_SEARCH_CHILDREN))
        }
        for option in settings.userOptions {
            let status = unsafe av_opt_set(context.pointee.priv_data, option.key, option.value, 0)
            try check(option, encoder, status)
        }
        guard !settings.parameters.isEmpty else { return }
        var dictionary: OpaquePointer?
        defer { unsafe av_dict_free(&dictionary) }
        for parameter in settings.parameters { unsafe av_dict_set(&dictionary, parameter.key, parameter.value, 0) }
        let status = unsafe av_opt_set_dict_val(context.pointee.priv_data, settings.parameterOption, dictionary, 0)
        try check(EncoderOption(key: settings.parameterOption, value: ""), encoder, status)
    }

    private static func check(
        _ option: EncoderOption,
        _ encoder: LibAVEncoderDescription,
        _ status: CInt
    ) throws(EncoderConfigError) {
        if status >= 0 { return }
        guard status != cffmpeg_error_unknown_option else {
            throw .unknownOption(encoder: encoder.name, key: option.key, nearest: [])
        }
        throw .malformed(
            field: "encoder option \(option.key)",
            value: option.value,
            expected: "a value that \(encoder.name) accepts"
        )
    }

    private static func openDevice(
        for encoder: LibAVEncoderDescription,
        _ settings: CodecSettings,
        _ context: UnsafeMutablePointer<AVCodecContext>,
        _ logger: Logger
    ) throws(EncoderConfigError) -> HardwareDevice? {
        guard let kind = encoder.device else { return nil }
        return try unsafe HardwareDevice(kind, for: context, software: settings.pixelFormat, encoder.name, logger)
    }

    private static func open(
        _ encoder: LibAVEncoderDescription,
        _ settings: CodecSettings,
        _ context: UnsafeMutablePointer<AVCodecContext>,
        _ codec: UnsafePointer<AVCodec>,
        _ logger: Logger
    ) throws(EncoderConfigError) {
        var messages = LibAVLog.Messages()
        _ = LibraryWords.takeError()
        let status = LibAVLog.listening(logger, to: &messages) { unsafe cffmpeg_encoding_open(context, codec) }
        // The wrappers of x265 and SVT-AV1 only warn about parameters that the library refuses, and continue without them.
        for complaint in messages.complaints { try refuse(complaint, encoder) }
        guard status >= 0 else {
            let reason = LibraryWords.takeError() ?? messages.reason ?? "status \(status)"
            throw .unsupported("\(encoder.name) cannot be opened\(settings.userText): \(reason)")
        }
    }

    private static func refuse(
        _ complaint: String,
        _ encoder: LibAVEncoderDescription
    ) throws(EncoderConfigError) {
        func rest(behind prefix: String) -> String? {
            complaint.hasPrefix(prefix) ? String(complaint.dropFirst(prefix.count)) : nil
        }
        if let name = rest(behind: "Unknown option: ") {
            throw .unknownOption(encoder: encoder.name, key: String(name.prefix { $0 != "." }), nearest: [])
        }
        let refused = rest(behind: "Invalid value for ") ?? rest(behind: "Error parsing option ")
        guard let refused else { return }
        let parts = refused.split(separator: ":", maxSplits: 1).map(String.init)
        let value = (parts.last ?? "").filter { $0 != " " }
        throw .malformed(
            field: "encoder option \(parts.first ?? "")",
            value: value.last == "." ? String(value.dropLast()) : value,
            expected: "an option and a value that \(encoder.name) accepts"
        )
    }
}

extension ValidatedEncoderConfig {
    /// The rate by which an encoder counts frames; 30 where only the timestamps tell.
    var nominalFramerate: FrameRate { values.framerate ?? values.averageFramerate ?? .thirty }
}
