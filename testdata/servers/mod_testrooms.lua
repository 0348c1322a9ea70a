-- Makes the rooms of the tests and says on standard output when all is ready.
-- Every room belongs to alice and outlives its last occupant.

local muc = module:depends("muc");
local domain = module.host:gsub("^[^.]*%.", "");

local function make(name, change)
	local jid = name .. "@" .. module.host;
	local room = muc.get_room_from_jid(jid) or muc.create_room(jid);
	room:set_affiliation(true, "alice@" .. domain, "owner");
	room:set_persistent(true);
	if change then change(room); end
	room:save(true);
end

-- The event comes after the ports are open and before the first connection
-- is served.
module:hook_global("server-started", function ()
	make("open");
	make("members", function (room) room:set_members_only(true); end);
	make("secret", function (room) room:set_password("sesame"); end);
	make("moderated", function (room) room:set_moderated(true); end);
	make("banroom", function (room)
		room:set_affiliation(true, "carol@" .. domain, "outcast", "test ban");
	end);
	if module:get_option_boolean("test_policies") then
		make("slow");
		make("moved");
		muc.get_room_from_jid("moved@" .. module.host):destroy("open@" .. module.host, "there is more space");
	end
	io.stdout:write("servertest ready\n");
	io.stdout:flush();
end);
