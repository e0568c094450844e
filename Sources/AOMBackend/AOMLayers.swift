internal import CAOM
internal import VideoTypes

/// Temporal layers as libaom makes them. The patterns are those of W3C's Scalable Video Coding extension: each frame
/// references the last one below its layer, and the top layer is never referenced.
struct AOMLayers {
    let mode: ScalabilityMode

    var count: Int { mode.temporalLayers }

    /// Layers, and the part of the bit rate that each has with those below it.
    func parameters(bitrate: Int, quantizers: ClosedRange<Int>) -> aom_svc_params_t {
        var parameters = aom_svc_params_t()
        (parameters.number_spatial_layers, parameters.number_temporal_layers) = (1, CInt(count))
        (parameters.scaling_factor_num.0, parameters.scaling_factor_den.0) = (1, 1)
        let (shares, factors) = count == 2 ? ([60, 100], [2, 1]) : ([50, 70, 100], [4, 2, 1])
        for layer in 0..<count {
            let kilobits = CInt(max(1, bitrate * shares[layer] / 100_000))
            Self.set(&parameters.layer_target_bitrate, layer, kilobits)
            Self.set(&parameters.framerate_factor, layer, CInt(factors[layer]))
            Self.set(&parameters.min_quantizers, layer, CInt(quantizers.lowerBound))
            Self.set(&parameters.max_quantizers, layer, CInt(quantizers.upperBound))
        }
        return parameters
    }

    /// What a frame may reference and where it is kept: layer 0 in slot 0, the middle layer of three in slot 1.
    ///
    /// - Parameter number: How many frames ago the last key frame was.
    func references(ofFrame number: Int) -> aom_svc_ref_frame_config_t {
        var config = aom_svc_ref_frame_config_t()
        let layer = mode.temporalLayer(ofFrame: number)
        // The second frame of the top layer follows one of the middle layer.
        let followsMiddle = count == 3 && number % 4 == 3
        for reference in 0..<7 {
            // With order hints on, unused references must not name frames that may have been dropped.
            Self.set(&config.ref_idx, reference, followsMiddle ? 1 : 0)
        }
        config.reference.0 = 1
        if followsMiddle { (config.reference.3, config.ref_idx.3) = (1, 0) }
        if number == 0 {
            for slot in 0..<8 { Self.set(&config.refresh, slot, 1) }
        } else if layer < count - 1 {
            Self.set(&config.refresh, layer, 1)
        }
        return config
    }

    /// Sets an element of a C array, which Swift sees as a tuple.
    private static func set<Tuple>(_ tuple: inout Tuple, _ index: Int, _ value: CInt) {
        unsafe withUnsafeMutableBytes(of: &tuple) { bytes in
            // A wrong index traps here: the buffer has bounds.
            unsafe bytes.bindMemory(to: CInt.self)[index] = value
        }
    }
}
