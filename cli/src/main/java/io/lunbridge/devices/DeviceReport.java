package io.lunbridge.devices;

import io.lunbridge.daemon.LunUrl;
import io.lunbridge.daemon.Report;
import io.lunbridge.devices.DeviceState.Served;
import org.jspecify.annotations.Nullable;

/** A device in a list. */
final class DeviceReport {

    private DeviceReport() {}

    static Report of(DeviceState device, DeviceStatus status) {
        LunUrl url = device.spec().disk().url();
        return new Report()
                .put("device", device.device())
                .put("target", url.targetName())
                .put("portal", url.portal().toString())
                .put("lun", url.lun())
                .put("sizeBytes", sizeBytes(device))
                .put("state", status.state())
                .put("inFlight", status.inFlight())
                .put("queued", status.queued())
                .put("secondsLeft", status.secondsLeft() < 0 ? null : status.secondsLeft())
                .put("detail", status.detail().isEmpty() ? null : status.detail())
                .put("id", device.id());
    }

    private static @Nullable Long sizeBytes(DeviceState device) {
        Served served = device.served();
        if (served == null) {
            return null;
        }
        Long length = device.spec().disk().lengthBytes();
        long rest =
                Math.max(0, served.geometry().sizeBytes() - device.spec().disk().offsetBytes());
        return length == null ? rest : Math.min(length, rest);
    }
}
