/// An interface to hardware whose encoders take pictures from the device's own memory.
package enum DeviceKind: Sendable {
    case vaapi, qsv
}
