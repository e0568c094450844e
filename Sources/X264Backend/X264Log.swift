internal import CX264
internal import Logging

/// Takes libx264's messages into a logger. libx264 holds a pointer to it, so it lives as long as the encoder does.
final class X264Log: Sendable {
    private let logger: Logger

    init(_ logger: Logger) { self.logger = logger }

    /// Has the encoder that these parameters open report here.
    func attach(to parameters: borrowing X264Parameters) {
        unsafe parameters.pointer.pointee.p_log_private = Unmanaged.passUnretained(self).toOpaque()
        unsafe parameters.pointer.pointee.i_log_level = X264_LOG_INFO
        unsafe parameters.pointer.pointee.pf_log = { log, level, format, arguments in
            guard let log = unsafe log, let format = unsafe format else { return }
            // SAFETY: libx264 passes back the pointer that it was given, and calls only while the encoder is open.
            unsafe Unmanaged<X264Log>.fromOpaque(log).takeUnretainedValue().report(level, format, arguments)
        }
    }

    private func report(_ level: CInt, _ format: UnsafePointer<CChar>, _ arguments: CVaListPointer?) {
        guard let arguments = unsafe arguments else { return }
        // A line of libx264 is shorter than this; a longer one is cut.
        var text = [CChar](repeating: 0, count: 1024)
        _ = unsafe cx264_format_message(&text, CInt(text.count), format, arguments)
        let message = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let isWarning = level <= X264_LOG_WARNING && !Self.isAboutLevel(message)
        logger.log(level: isWarning ? .warning : .debug, "x264: \(message.trimmed)")
    }

    /// What exceeds the level is refused before libx264 is opened (``AVCLevelNeeds``), and libx264 counts in a different way:
    /// its messages about a level that Sluice chose are not useful.
    private static func isAboutLevel(_ message: String) -> Bool {
        message.contains("> level limit") || message.contains("not supported at level")
    }
}

extension String {
    /// The text without the line break at its end.
    fileprivate var trimmed: String {
        var text = self
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}
