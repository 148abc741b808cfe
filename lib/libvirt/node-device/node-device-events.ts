// The events of the host's devices.
import { virNodeDeviceEventID, virNodeDeviceEventLifecycleType } from '../../native/constants.gen.js';
import type { Connect, NodeDevice as NodeDeviceHandle } from '../../native/handles.js';
import { ask } from '../ask.js';
import type { Connection } from '../connection.js';
import type { Registers, Release } from '../event-sources.js';
import { type NameIn, nameIn } from '../names.js';
import { NodeDevice } from './node-device.js';

/**
 * What happened to a device of the host.
 *
 * @useDeclaredType
 */
export type NodeDeviceLifecycle = NameIn<typeof virNodeDeviceEventLifecycleType> | 'unknown';

/** A device of the host came, went, was defined or undefined. */
export interface NodeDeviceLifecycleEvent {
  /** What happened to it. */
  type: NodeDeviceLifecycle;
  /** The device; one that is gone still has its name. */
  device: NodeDevice;
}

/** What a device of the host tells of itself changed, such as its driver. */
export interface NodeDeviceUpdateEvent {
  /** The device: `describe()` tells what it is now. */
  device: NodeDevice;
}

/** The events of the host's devices by name. */
export interface NodeDeviceEvents {
  /** A device of the host came, went, was defined or undefined. */
  nodeDeviceLifecycle: NodeDeviceLifecycleEvent;
  /** What a device of the host tells of itself changed. */
  nodeDeviceUpdate: NodeDeviceUpdateEvent;
}

export const nodeDeviceRegisters: Registers<NodeDeviceEvents> = {
  nodeDeviceLifecycle: (connection, handle, emit) =>
    register(connection, handle, virNodeDeviceEventID.LIFECYCLE, (device, type) =>
      emit({
        type: nameIn(virNodeDeviceEventLifecycleType, type),
        device: new NodeDevice(connection, device),
      }),
    ),
  nodeDeviceUpdate: (connection, handle, emit) =>
    register(connection, handle, virNodeDeviceEventID.UPDATE, (device) =>
      emit({ device: new NodeDevice(connection, device) }),
    ),
};

async function register(
  connection: Connection,
  handle: Connect,
  event: number,
  listener: (device: NodeDeviceHandle, detail: number) => void,
): Promise<Release> {
  const object = `connection ${connection.name}`;
  const id = await ask({ action: 'listen for node devices on', object }, (functions) =>
    functions.virConnectNodeDeviceEventRegisterAny(handle, null, event, listener),
  );
  return () =>
    ask({ action: 'stop listening for node devices on', object }, (functions) =>
      functions.virConnectNodeDeviceEventDeregisterAny(handle, id),
    );
}
