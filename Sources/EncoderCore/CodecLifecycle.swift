/// WebCodecs' `CodecState`, of an encoder or a decoder.
public enum CodecState: Hashable, Sendable {
    /// Not configured yet, or reset.
    case unconfigured
    /// Takes input.
    case configured
    /// Closed, or failed.
    case closed
}

/// The states of an encoder or a decoder, and the only moves between them. No lock, no thread, no codec.
struct CodecLifecycle: Equatable {
    private(set) var state = CodecState.unconfigured

    /// What to do about the thread when a state has been left.
    enum SessionAction: Equatable { case end, none }
    /// What configuring does.
    enum ConfigureAction: Equatable { case start, reconfigure, refuse }

    mutating func configure() -> ConfigureAction {
        switch state {
        case .unconfigured:
            state = .configured
            return .start
        case .configured:
            return .reconfigure
        case .closed:
            return .refuse
        }
    }

    mutating func reset() -> SessionAction {
        guard state == .configured else { return .none }
        state = .unconfigured
        return .end
    }

    mutating func close() -> SessionAction {
        defer { state = .closed }
        return state == .configured ? .end : .none
    }
}
