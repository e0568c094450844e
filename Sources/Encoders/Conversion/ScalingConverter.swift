internal import Ingest
package import LibAV
package import PixelConversion
internal import Threading
internal import VideoTypes

/// Lends a scaler to the ingest stage, which does not know about FFmpeg.
package final class ScalingConverter: PictureConverter {
    private struct State: ~Copyable {
        var scaler: Scaler
        var prepared: PlaneBuffer
        var scaled: PlaneBuffer
    }

    private let state: Monitor<State>
    private let first: StripConverter?
    private let last: StripConverter?

    /// - Parameters:
    ///   - first: What is done before scaling.
    ///   - scaler: Scales.
    ///   - last: The last conversion, after the scaler.
    package init(first: StripConverter? = nil, _ scaler: consuming Scaler, last: StripConverter? = nil) {
        let prepared = PlaneBuffer(byteCount: first?.target.byteCount ?? 0)
        let scaled = PlaneBuffer(byteCount: last?.source.byteCount ?? 0)
        state = Monitor(State(scaler: scaler, prepared: prepared, scaled: scaled))
        (self.first, self.last) = (first, last)
    }

    package func convert(_ source: RawSpan, into target: inout MutableRawSpan) {
        state.withLock { state in
            guard let first else { return scale(source, into: &target, &state) }
            state.prepared.withMutableBytes { first.convert(picture: source, into: &$0) }
            // Moved out while it is read, because the scaler, another member, is written.
            var prepared = PlaneBuffer(byteCount: 0)
            swap(&prepared, &state.prepared)
            prepared.withBytes { scale($0, into: &target, &state) }
            swap(&prepared, &state.prepared)
        }
    }

    private func scale(_ source: RawSpan, into target: inout MutableRawSpan, _ state: inout State) {
        guard let last else { return state.scaler.convert(source, into: &target) }
        state.scaled.withMutableBytes { state.scaler.convert(source, into: &$0) }
        state.scaled.withBytes { last.convert(picture: $0, into: &target) }
    }
}
