internal import LibAV
internal import PixelConversion
internal import Synchronization

/// Lends a scaler to the ingest stage, which does not know about FFmpeg.
final class ScalingConverter: PictureConverter {
    private struct State: ~Copyable {
        var scaler: Scaler
        var scaled: PlaneBuffer
    }

    private let state: Mutex<State>
    private let fit: StripConverter?

    /// - Parameters:
    ///   - scaler: The first step.
    ///   - fit: What is left to do then, of pictures as the scaler leaves them.
    init(_ scaler: consuming Scaler, then fit: StripConverter? = nil) {
        state = Mutex(State(scaler: scaler, scaled: PlaneBuffer(byteCount: fit?.source.byteCount ?? 0)))
        self.fit = fit
    }

    func convert(_ source: RawSpan, into target: inout MutableRawSpan) {
        state.withLock { state in
            guard let fit else { return state.scaler.convert(source, into: &target) }
            state.scaled.withMutableBytes { state.scaler.convert(source, into: &$0) }
            state.scaled.withBytes { fit.convert(picture: $0, into: &target) }
        }
    }
}
