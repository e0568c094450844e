"""What a decoder's frames have to be; each function returns what is wrong, in words."""

FORMATS = {
    "yuv420p": "I420", "yuvj420p": "I420", "yuv422p": "I422", "yuv444p": "I444",
    "yuv420p10le": "I420P10", "yuv422p10le": "I422P10", "yuv444p10le": "I444P10",
    "yuv420p12le": "I420P12", "yuv422p12le": "I422P12", "yuv444p12le": "I444P12",
}


def format_of(pixels):
    """WebCodecs' name of one of ffmpeg's pixel formats."""
    return FORMATS[pixels]


def layout_of(name, width, height):
    """Offset and stride of each plane, one after another without gaps, and the size of all; odd sizes round up."""
    bytes_per_sample = 2 if "P1" in name else 1
    across, down = {"I420": (2, 2), "I422": (2, 1), "I444": (1, 1)}[name.split("P")[0]]
    layout, offset = [], 0
    for columns, rows in [(width, height)] + 2 * [(-(-width // across), -(-height // down))]:
        layout.append([offset, columns * bytes_per_sample])
        offset += columns * bytes_per_sample * rows
    return layout, offset


def faults_of_frames(answer, lines, pictures, pixels):
    """Every chunk is one frame, at its time, in the order of presentation, with the expected picture."""
    if answer["error"]:
        return [f"after {len(answer['frames'])} frames: {answer['error']}"]
    expected = sorted(lines, key=lambda line: line["timestamp"])
    times = [frame["timestamp"] for frame in answer["frames"]]
    if times != [line["timestamp"] for line in expected]:
        return [f"{len(times)} frames of {len(lines)}, at {times}"]
    faults = []
    for line, frame in zip(expected, answer["frames"]):
        if frame["duration"] != line.get("duration"):
            faults.append(f"the frame at {line['timestamp']} lasts {frame['duration']}, not {line.get('duration')}")
        if "unreadable" in frame:
            faults.append(f"the frame at {line['timestamp']} cannot be read: {frame['unreadable']}")
        elif frame["format"] != pixels:
            faults.append(f"the frame at {line['timestamp']} is {frame['format']}, not {pixels}")
        elif (frame["layout"], frame["size"]) != layout_of(pixels, *frame["visible"][2:]):
            faults.append(f"the planes are at {frame['layout']} of {frame['size']}")
        elif frame["sha256"] != pictures.get(line["timestamp"]):
            faults.append(f"the picture at {line['timestamp']} is another one")
    return faults


def shape_faults(answer, config):
    """The visible rectangle, the display size and the orientation are as configured."""
    faults = []
    width, height = config["codedWidth"], config["codedHeight"]
    for frame in answer["frames"][:1]:
        if frame["visible"] != [0, 0, width, height]:
            faults.append(f"visibleRect is {frame['visible']}, not {width}x{height}")
        shown = [frame["displayWidth"], frame["displayHeight"]]
        if shown != display_size(config):
            faults.append(f"the display size is {shown}, not {display_size(config)}")
        turned = (frame.get("rotation", 0), frame.get("flip", False))
        if turned != (config.get("rotation", 0), config.get("flip", False)):
            faults.append(f"the orientation is {turned}")
    return faults


def display_size(config):
    """The size at which a picture is shown: the aspect only ever makes it larger, and it turns with the picture."""
    width, height = config["codedWidth"], config["codedHeight"]
    across, down = config.get("displayAspectWidth", width), config.get("displayAspectHeight", height)
    if across * height > width * down:
        width = round(height * across / down)
    else:
        height = round(width * down / across)
    return [height, width] if config.get("rotation", 0) in [90, 270] else [width, height]


def color_faults(answer, config):
    """What we say of the color, the browser has as well; it may guess the rest."""
    faults = []
    for frame in answer["frames"][:1]:
        for name, value in config["colorSpace"].items():
            if frame["color"].get(name) != value:
                faults.append(f"{name} is {frame['color'].get(name)}, not {value}")
    return faults
