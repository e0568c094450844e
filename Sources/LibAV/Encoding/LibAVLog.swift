internal import CFFmpeg
package import Logging
internal import Threading

/// The messages that libavcodec logs while it is called.
///
/// libavutil's log callback is one for the whole process, and its messages name an object that often is not the encoder (a
/// device, a library's own context). The thread is what they have in common: a codec is called on one thread, and its wrappers
/// log on it. So the callback, installed once, passes a message to the listener of its thread, and drops it without one. A
/// decoder's own threads are none of ours: its messages go to its ``CodecListener``, if it has one, from every thread. The
/// callback never prints.
package enum LibAVLog {
    /// What was logged during one call.
    package struct Messages {
        /// Errors and warnings, in order.
        var complaints: [String] = []

        /// Errors alone, in order.
        var errors: [String] = []

        /// Errors of a demuxer or muxer itself, in order.
        var formatErrors: [String] = []

        /// The last line of all.
        fileprivate(set) var last: String?

        /// Nothing.
        package init() {}

        /// The last message about a failure; some devices log it with a low severity.
        package var reason: String? { complaints.last ?? last }
    }

    /// Who listens on a thread.
    fileprivate struct Listener {
        var logger: Logger
        var messages = Messages()
        var line = ""
    }

    /// Where messages come from.
    fileprivate enum Origin: Hashable {
        case thread(UInt)
        /// What the codec has as its `opaque`.
        case codec(UInt)
    }

    fileprivate static let listeners = Monitor<[Origin: Listener]>([:])

    private static let installed: Void = {
        unsafe av_log_set_callback { object, level, format, arguments in
            guard level <= AV_LOG_VERBOSE, let format = unsafe format else { return }
            guard let origin = unsafe LibAVLog.origin(of: object) else { return }
            unsafe LibAVLog.report(origin, level, format, arguments, isOfFormat: cffmpeg_logs_format(object) != 0)
        }
    }()

    /// Calls `body`, and collects what is logged meanwhile on this thread. Calls do not nest.
    package static func listening<Result: ~Copyable>(
        _ logger: Logger,
        to messages: inout Messages,
        _ body: () -> Result
    ) -> Result {
        _ = installed
        let thread = Origin.thread(UInt(cffmpeg_thread()))
        listeners.withLock { $0[thread] = Listener(logger: logger) }
        let result = body()
        if let heard = listeners.withLock({ $0.removeValue(forKey: thread) }) { messages = heard.messages }
        return result
    }

    /// Who is listened to; `nil` if nobody listens.
    private static func origin(of object: UnsafeMutableRawPointer?) -> Origin? {
        let codec = Origin.codec(UInt(unsafe cffmpeg_logging_codec(object)))
        let thread = Origin.thread(UInt(cffmpeg_thread()))
        return listeners.withLock { listeners in [codec, thread].first { listeners[$0] != nil } }
    }

    private static func report(
        _ origin: Origin,
        _ level: CInt,
        _ format: UnsafePointer<CChar>,
        _ arguments: CVaListPointer?,
        isOfFormat: Bool
    ) {
        guard let arguments = unsafe arguments else { return }
        var text = [CChar](repeating: 0, count: 1024)
        _ = unsafe cffmpeg_format_message(&text, CInt(text.count), format, arguments)
        let part = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        listeners.withLock { $0[origin]?.take(part, level: level, isOfFormat: isOfFormat) }
    }
}

extension LibAVLog {
    /// Hears what a codec logs, on whichever thread, as long as it lives.
    ///
    /// Thread-safety: used by one thread at a time.
    struct CodecListener: ~Copyable {
        private let origin: Origin

        /// Begins to listen.
        ///
        /// - Parameter codec: What the codec has had as its `opaque` since before it was opened: nothing else in the process has it.
        init(_ codec: UInt) {
            _ = installed
            origin = .codec(codec)
            listeners.withLock { [origin] in $0[origin] = Listener(logger: Logger.unheard) }
        }

        deinit { listeners.withLock { [origin] in _ = $0.removeValue(forKey: origin) } }

        /// What was logged since it was last asked for.
        func taken() -> Messages {
            listeners.withLock { listeners in
                let messages = listeners[origin]?.messages
                listeners[origin]?.messages = Messages()
                return messages ?? Messages()
            }
        }
    }
}

extension Logger {
    fileprivate static let unheard = Logger(label: "sluice.codec") { _ in SwiftLogNoOpLogHandler() }
}

extension LibAVLog.Listener {
    /// A line may come in parts.
    fileprivate mutating func take(_ part: String, level: CInt, isOfFormat: Bool) {
        line += part
        guard line.last?.isNewline == true else { return }
        let complete = line.split(whereSeparator: \.isNewline).joined(separator: " ")
        line = ""
        let isComplaint = level <= AV_LOG_WARNING
        logger.log(level: isComplaint ? .warning : .debug, "libavcodec: \(complete)")
        messages.last = complete
        if isComplaint { messages.complaints.append(complete) }
        guard level <= AV_LOG_ERROR else { return }
        messages.errors.append(complete)
        if isOfFormat { messages.formatErrors.append(complete) }
    }
}
